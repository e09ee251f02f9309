"""What the fake platform does when it is called: the endpoints of the REST API that a bot needs."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

from tests.fakes.viber.checks import NAMES, Refused, check_message

if TYPE_CHECKING:
    from tests.fakes.viber.people import Person
    from tests.fakes.viber.server import FakeViber

EVENT_TYPES = frozenset(("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"))
_BROADCASTS = 500
_BROADCAST_SECONDS = 10.0
Json = dict[str, Any]


class Methods:
    """The endpoints. Each raises Refused with Viber's status."""

    def __init__(self, fake: FakeViber) -> None:
        self.fake = fake
        self.table = {
            "set_webhook": self.set_webhook,
            "send_message": self.send_message,
            "broadcast_message": self.broadcast_message,
            "get_account_info": self.get_account_info,
        }
        self.sent_in_hour: dict[str, tuple[int, int]] = {}
        """By person: which hour, how many."""
        self.welcomes: list[Any] = []
        self.bad_welcomes: list[str] = []
        self._broadcasts: deque[float] = deque()

    async def set_webhook(self, params: Json, _size: int) -> Json:
        """Calls the address at once and takes it only after a 200."""
        fake, url, wanted = self.fake, params.get("url"), params.get("event_types")
        if not isinstance(url, str):
            raise Refused(4, "url is missing")
        if not url:
            fake.callbacks.url = ""
            return {}
        if not fake.is_public(url):
            raise Refused(1, "webhook url must be https")
        if wanted is not None and (not isinstance(wanted, list) or set(wanted) - EVENT_TYPES - {"message"}):
            raise Refused(3, "event_types is not valid")
        before, fake.callbacks.url = fake.callbacks.url, url
        body = json.dumps(fake.event("webhook")).encode()
        status, _ = await fake.callbacks.post(body)
        if status != 200:
            fake.callbacks.url = before
            raise Refused(1, f"Result is not 200, but {status}")
        fake.callbacks.event_types = None if wanted is None else frozenset(wanted)
        return {"event_types": sorted(wanted if wanted is not None else EVENT_TYPES)}

    async def get_account_info(self, _params: Json, _size: int) -> Json:
        """What the platform knows of the bot."""
        fake = self.fake
        return {
            "id": "pa:4711", "name": "DEMO Signpost", "uri": fake.uri, "webhook": fake.callbacks.url,
            "event_types": sorted(fake.callbacks.event_types or EVENT_TYPES), "chat_hostname": "SN-DEMO-1",
            "subscribers_count": sum(person.subscribed for person in fake.people.values()),
        }  # fmt: skip

    async def send_message(self, params: Json, size: int) -> Json:
        """One message to one person."""
        receiver = params.get("receiver")
        if not isinstance(receiver, str) or not receiver:
            raise Refused(4, "receiver is missing")
        self._check_account()
        check_message(params, size)
        person = self._reachable(receiver, params)
        token = self.fake.memory.next_token()
        self._deliver(person, token, params)
        return {"message_token": token, "chat_hostname": "SN-DEMO-1", "billing_status": 1}

    async def broadcast_message(self, params: Json, size: int) -> Json:
        """One message to at most 300; who cannot get it is listed."""
        receivers = params.get("broadcast_list")
        if not isinstance(receivers, list) or not receivers or not all(isinstance(one, str) for one in receivers):
            raise Refused(4, "broadcast_list is missing")
        if len(receivers) > 300:
            raise Refused(3, "broadcast_list is too long")
        self._check_account()
        if not self.fake.may_broadcast:
            raise Refused(19)
        self._check_broadcasts()
        check_message(params, size)
        token, failed = self.fake.memory.next_token(), []
        for receiver in receivers:
            try:
                person = self._reachable(receiver, params)
            except Refused as refusal:
                failed.append({"receiver": receiver, "status": refusal.code, "status_message": refusal.words})
            else:
                self._deliver(person, token, _filled(params, person))
        return {"message_token": token, "chat_hostname": "SN-DEMO-1", "failed_list": failed}

    # ------------------------------------------------------------ rules

    def _check_account(self) -> None:
        if not self.fake.callbacks.url:
            raise Refused(10)

    def _check_broadcasts(self) -> None:
        now = self.fake.now()
        while self._broadcasts and self._broadcasts[0] <= now - _BROADCAST_SECONDS:
            self._broadcasts.popleft()
        if len(self._broadcasts) >= _BROADCASTS:
            raise Refused(12)
        self._broadcasts.append(now)

    def _reachable(self, receiver: str, message: Json) -> Person:
        person = self.fake.by_id.get(receiver)
        if person is None or not person.registered:
            raise Refused(5)
        if not person.subscribed:
            raise Refused(6)
        if not person.has_device:
            raise Refused(11)
        if person.refuse_with:
            raise Refused(person.refuse_with, NAMES[person.refuse_with])
        if message.get("min_api_version", 1) > person.api_version:
            raise Refused(13)
        hour = int(self.fake.now() // 3600)
        before, count = self.sent_in_hour.get(receiver, (hour, 0))
        count = count if before == hour else 0
        if self.fake.hourly is not None and count >= self.fake.hourly:
            raise Refused(12)
        self.sent_in_hour[receiver] = (hour, count + 1)
        return person

    @staticmethod
    def _deliver(person: Person, token: int, message: Json) -> None:
        dropped = ("auth_token", "receiver", "broadcast_list")
        person.show(token, {key: value for key, value in message.items() if key not in dropped})


def _filled(message: Json, person: Person) -> Json:
    """Placeholders are replaced wherever they stand."""
    text = json.dumps(message).replace("replace_me_with_receiver_id", person.id)
    filled: Json = json.loads(text.replace("replace_me_with_user_name", f"DEMO {person.name}"))
    return filled
