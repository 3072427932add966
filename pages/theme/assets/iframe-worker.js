/* A page that was opened from a disk may start no Worker: there a hidden frame does the work of the search.
   The names are those of the library iframe-worker, which Material for MkDocs loads from a server unless it is there. */
if (location.protocol === "file:") {
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(script) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inner = frame.contentWindow;
      inner.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }));
      inner.importScripts = (...scripts) => scripts.reduce(
        (before, each) => before.then(() => this.load(inner, each)), Promise.resolve());
      this.inner = inner;
      this.ready = this.load(inner, script);
    }

    load(inner, script) {
      return new Promise((done, failed) => {
        const element = inner.document.createElement("script");
        Object.assign(element, { src: script, onload: done, onerror: failed });
        inner.document.body.append(element);
      });
    }

    postMessage(data) {
      this.ready.then(() => this.inner.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() {
      this.inner.frameElement.remove();
    }
  };
}
