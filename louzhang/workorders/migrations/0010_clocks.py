"""The clocks of an order: when they are due, what stands still, what is asked of the desk.

Open orders of before are due when they were promised; `manage.py recompute_clocks` gives them their clocks.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_working_calendar"),
        ("workorders", "0009_oversight"),
    ]

    operations = [
        migrations.AddField(
            model_name="workorder",
            name="alarm_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="asked",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "没有申请"),
                    ("pause", "申请暂停"),
                    ("wait", "申请暂停，等反映人"),
                    ("extension", "申请延期"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="asked_amount",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="clocks",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="workorder",
            name="contact_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="contacted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="is_waiting",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="等反映人"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="overdue_area",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="areas.area",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="settle_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="soon_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="take_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(
            "UPDATE workorders_workorder SET settle_due_at = promised_at, due_at = promised_at"
            " WHERE status IN ('reported', 'accepted', 'dispatched', 'taken')",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="order_due"),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("soon_at__isnull", False)), fields=["soon_at"], name="order_due_soon"
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("alarm_at__isnull", False)), fields=["alarm_at"], name="order_alarm"
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("overdue_area__isnull", False)),
                fields=["overdue_area", "due_at"],
                name="order_gone_up",
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("asked", ""), _negated=True),
                fields=["desk_area", "asked"],
                name="order_asks_for_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "due_at",
                            django.db.models.functions.comparison.Least(
                                "take_due_at", "contact_due_at", "settle_due_at"
                            ),
                        ),
                        ("due_at__isnull", False),
                    ),
                    models.Q(
                        ("contact_due_at", None), ("due_at", None), ("settle_due_at", None), ("take_due_at", None)
                    ),
                    _connector="OR",
                ),
                name="order_due_is_earliest",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_waiting", False), ("paused_at__isnull", False), _connector="OR"),
                name="order_waits_only_paused",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked", "extension"), ("asked_amount__gte", 1)),
                    models.Q(("asked__in", ["", "pause", "wait"]), ("asked_amount", None)),
                    _connector="OR",
                ),
                name="order_asked_whole",
            ),
        ),
    ]
