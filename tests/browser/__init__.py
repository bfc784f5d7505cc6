"""The pages in a real browser: Playwright drives the system's Chromium, whatever a person could do or see."""
