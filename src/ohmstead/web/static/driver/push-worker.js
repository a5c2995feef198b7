// Shows the notices a push service wakes this browser with. A repetition has the same tag, so it takes the first's place.
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : null;
  if (said) {
    event.waitUntil(self.registration.showNotification(said.title, { body: said.body, tag: said.tag, data: { url: said.url } }));
  }
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
