"""The examples of subscribers, deployed beside a running stack and shown at work."""
