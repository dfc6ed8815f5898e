"""The terminal user interface: screens over the services. It decides nothing of the job itself."""
