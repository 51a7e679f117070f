from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_working_calendar"),
        ("workorders", "0011_hotline_exchange"),
    ]

    operations = [
        migrations.AddField(
            model_name="part",
            name="alarm_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="clocks",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="part",
            name="is_agreed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="商定的时限"),
        ),
        migrations.AddField(
            model_name="part",
            name="late_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="part",
            name="paused_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(condition=models.Q(("alarm_at__isnull", False)), fields=["alarm_at"], name="part_alarm"),
        ),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["asked", "taken"]),
                    models.Q(("alarm_at", None), ("late_at", None), ("paused_at", None)),
                    _connector="OR",
                ),
                name="part_time_runs_only_open",
            ),
        ),
        # A part of before keeps the moment it was given.
        migrations.RunSQL("UPDATE workorders_part SET is_agreed = true", migrations.RunSQL.noop),
    ]
