// The code of a slip stands behind the # of the address on it, which no server is ever told. It goes into the form,
// leaves the address (and so the history of the phone), and is sent in the body.
(() => {
  "use strict";

  const form = document.querySelector("form[data-code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!form || !code) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  form.requestSubmit();
})();
