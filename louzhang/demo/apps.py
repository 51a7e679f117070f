"""Registers the demo with Django: its command, and who is offered on the sign-in page."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo district; it has no tables."""

    name = "louzhang.demo"
    label = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        """Offer one person of each role on the sign-in page, which asks only in the demo."""
        from louzhang.accounts import demo_people
        from louzhang.demo.sign_ins import demo_sign_ins

        demo_people.register(demo_sign_ins)
