"""A membership that is taken back leaves no row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("roster", "0008_namesakes"),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM roster_partymembership WHERE ended_at IS NOT NULL", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="partymembership", name="roster_membership_ended_is_empty"),
        migrations.RemoveConstraint(model_name="partymembership", name="roster_membership_once"),
        migrations.RemoveField(model_name="partymembership", name="ended_at"),
        migrations.AlterField(
            model_name="partymembership",
            name="kind",
            field=models.CharField(choices=[("full", "正式"), ("probationary", "预备")], max_length=12),
        ),
        migrations.AlterField(
            model_name="partymembership",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="membership", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="partymembership",
            name="way",
            field=models.CharField(choices=[("tap", "本人在手机上"), ("paper", "本人签的纸")], max_length=5),
        ),
        migrations.AddConstraint(
            model_name="partymembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["full", "probationary"]), ("way__in", ["tap", "paper"])),
                name="roster_membership_by_consent",
            ),
        ),
    ]
