"""The drivers' public API: what the app in the browser uses to find, start, follow and stop, for any other app."""
