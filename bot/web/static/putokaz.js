"use strict";
// Makes the chat come alive and the stage's clock tick. Without it, everything works by plain forms.
(function () {
  var body = document.body, log = document.getElementById("log");
  if (!window.fetch || !window.EventSource || !window.URLSearchParams || !Element.prototype.closest) return;

  function nonce() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), text = "";
    for (var i = 0; i < bytes.length; i++) text += (bytes[i] + 256).toString(16).slice(1);
    return text;
  }

  function chat() {
    var seat = body.dataset.seat, write = document.getElementById("write"), offline = document.getElementById("offline");
    var text = write.elements.text, file = write.elements.file, live = false, pressed = null;
    var query = "?after=" + body.dataset.last + (seat ? "&seat=" + encodeURIComponent(seat) : "");
    var source = new EventSource("/chat/events" + query);

    function down() {
      // in frames, scrollIntoView would move the page around them too
      window.scrollTo(0, document.documentElement.scrollHeight);
    }
    function closeQuestions() {
      log.querySelectorAll("button[name=tap]:not([data-lasting])").forEach(function (button) {
        var row = button.parentElement;
        button.remove();
        if (!row.children.length) row.remove();
      });
    }
    function say(form, button) {
      var data = new FormData(form), tap = button && button.name === "tap";
      if (tap) data.set("tap", button.value);
      data.set("nonce", nonce());
      var sentFile = !tap && file.files.length;
      if (!tap && !sentFile && !text.value.trim()) return;
      if (!sentFile) { data.delete("file"); data = new URLSearchParams(data); }
      body.classList.add("busy");
      fetch("/chat", { method: "POST", body: data, headers: { "X-Live": "1" }, credentials: "same-origin" })
        .then(function (answer) {
          body.classList.remove("busy");
          if (answer.status === 204) {
            if (!tap) { text.value = ""; file.value = ""; file.parentElement.classList.remove("full"); }
            return;
          }
          plain(form, button);
        })
        .catch(function () { body.classList.remove("busy"); offline.hidden = false; });
    }
    function plain(form, button) {
      // the page that comes back says what was wrong, and keeps the words
      if (button && button.name === "tap") {
        var tap = document.createElement("input");
        tap.type = "hidden"; tap.name = "tap"; tap.value = button.value;
        form.appendChild(tap);
      }
      form.submit();
    }

    source.onopen = function () { live = true; offline.hidden = true; };
    source.onerror = function () { live = false; };
    source.addEventListener("over", function () { location.replace("/chat" + (seat ? "?seat=" + seat : "")); });
    source.addEventListener("bubble", function (event) {
      var line = JSON.parse(event.data), near = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 400;
      line.gone.forEach(function (id) { var old = document.getElementById("m" + id); if (old) old.remove(); });
      if (document.getElementById("m" + line.id)) return;
      if (line.language && line.language !== document.documentElement.lang && !text.value) { location.reload(); return; }
      if (line.mine) closeQuestions();
      var box = document.createElement("template");
      box.innerHTML = line.html;
      var bubble = box.content.querySelector("article");
      bubble.classList.add("new");
      log.appendChild(bubble);
      if (near || line.mine) down();
      if (seat && !line.mine && parent !== window) parent.postMessage({ rang: seat }, location.origin);
    });

    document.addEventListener("click", function (event) { pressed = event.target.closest("button"); });
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (!form.classList.contains("say") || !live) return;
      event.preventDefault();
      if (!body.classList.contains("busy")) say(form, event.submitter || pressed);
    });
    text.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || !live) return;
      event.preventDefault();
      say(write, null);
    });
    file.addEventListener("change", function () { file.parentElement.classList.toggle("full", !!file.files.length); });
    document.querySelector(".leave").addEventListener("click", function (event) {
      event.preventDefault();
      document.documentElement.hidden = true;
      location.replace(this.href);
    });
    if (location.search.indexOf("hello") > 0) history.replaceState(null, "", "/chat");
    down();
  }

  function stage() {
    var clock = document.getElementById("clock"), shown = clock.querySelector("output"), note = clock.querySelector(".notice");
    var ahead = 0, day = "", where = "/stage/clock?lang=" + document.documentElement.lang;

    function local(options) {
      options.timeZone = clock.dataset.zone;
      return new Intl.DateTimeFormat("en-GB", options).format(new Date(Date.now() + ahead));
    }
    function set(told) {
      ahead = Date.parse(told.now) - Date.now();
      day = local({ day: "numeric" });
      shown.textContent = told.spoken;
    }
    function ask(init) {
      return fetch(where, init).then(function (answer) { return answer.json(); }).then(function (told) {
        set(told);
        return told;
      });
    }
    function tick() {
      if (local({ day: "numeric" }) !== day) { day = local({ day: "numeric" }); ask(); return; }
      shown.textContent = shown.textContent.replace(/\d\d:\d\d$/, local({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
    }
    set({ now: clock.dataset.now, spoken: shown.textContent });
    setInterval(tick, 1000);
    clock.addEventListener("submit", function (event) {
      event.preventDefault();
      var button = event.submitter || document.activeElement;
      ask({ method: "POST", body: new URLSearchParams({ advance: button.value }), headers: { Accept: "application/json" } })
        .then(function (told) { note.hidden = told.advanced > 0; });
    });
    window.addEventListener("message", function (event) {
      if (event.origin !== location.origin || !event.data || !event.data.rang) return;
      ask(); // somebody else may have moved the clock
      [document.getElementById(event.data.rang), document.querySelector(".tabs a[href='#" + event.data.rang + "']")].forEach(function (it) {
        if (!it) return;
        it.classList.add("ring");
        setTimeout(function () { it.classList.remove("ring"); }, 2400);
      });
    });
  }

  if (log && !body.hasAttribute("data-past")) chat();
  if (document.getElementById("clock")) stage();
})();
