// The code of a slip stands behind the # of the address on it, which no server is ever told. It goes into the form,
// leaves the address (and so the history of the phone), and is sent in the body. A second slip read into the same page
// changes nothing but what stands behind the #.
(() => {
  "use strict";

  const form = document.querySelector("form[data-code]");
  if (!form) return;

  function take() {
    const code = decodeURIComponent(location.hash.slice(1));
    if (!code) return;
    history.replaceState(null, "", location.pathname);
    form.elements.code.value = code;
    form.requestSubmit();
  }

  window.addEventListener("hashchange", take);
  take();
})();
