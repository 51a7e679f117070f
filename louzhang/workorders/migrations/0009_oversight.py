"""催办、督办、挂账、核实、解释说明: marks of an order, and supervisions with a loop of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_working_calendar"),
        ("workorders", "0008_joint_handling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Supervision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("chain_head", models.BinaryField(default=b"")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "待签收"),
                            ("signed", "待回复"),
                            ("replied", "待解除"),
                            ("lifted", "已解除"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("due_date", models.DateField(verbose_name="要求回复日期")),
                ("asked_at", models.DateTimeField()),
                ("asked_seq", models.PositiveIntegerField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("replied_seq", models.PositiveIntegerField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_seq", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "督办",
                "verbose_name_plural": "督办",
            'constraints': [models.CheckConstraint(
                condition=models.Q(("status__in", ["asked", "signed", "replied", "lifted"])),
                name="supervision_status_known",
            ), models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", False), ("status", "lifted")),
                    models.Q(models.Q(("status", "lifted"), _negated=True), ("lifted_at", None)),
                    _connector="OR",
                ),
                name="supervision_lifted_whole",
            )], 'indexes': [models.Index(
                condition=models.Q(("status__in", ["asked", "replied", "signed"])),
                fields=["due_date"],
                name="supervision_standing",
            )], },
        ),
        migrations.AddField(
            model_name="category",
            name="is_verified_on_spot",
            field=models.BooleanField(db_default=False, default=False, verbose_name="结案前现场核实"),
        ),
        migrations.AddField(
            model_name="report",
            name="told_solved",
            field=models.BooleanField(blank=True, null=True, verbose_name="回访：是否解决"),
        ),
        migrations.AddField(
            model_name="report",
            name="urged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="explainer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="explanation",
            field=models.CharField(blank=True, db_default="", default="", max_length=8, verbose_name="解释说明"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="is_to_verify",
            field=models.BooleanField(db_default=False, default=False, verbose_name="待核实"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="shelved_until",
            field=models.DateField(blank=True, null=True, verbose_name="挂账到"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="supervision",
            field=models.CharField(blank=True, db_default="", default="", max_length=8, verbose_name="督办"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="urge_count",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="催办次数"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="urged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("supervision", ""), _negated=True), fields=["-id"], name="order_supervised"
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("shelved_until__isnull", False)), fields=["shelved_until"], name="order_shelved"
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                condition=models.Q(("explanation", ""), _negated=True),
                fields=["category", "-id"],
                name="order_explained",
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(condition=models.Q(("is_to_verify", True)), fields=["-id"], name="order_to_verify"),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("supervision__in", ["", "asked", "replied", "signed"])),
                name="order_supervision_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shelved_until", None), ("status__in", ["accepted", "dispatched", "taken"]), _connector="OR"
                ),
                name="order_shelved_in_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("explanation", ""),
                    models.Q(("explainer__isnull", False), ("explanation", "asked"), ("status", "taken")),
                    models.Q(("explanation", "agreed"), models.Q(("status", "taken"), _negated=True)),
                    _connector="OR",
                ),
                name="order_explanation_whole",
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="asked_area",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.area"),
        ),
        migrations.AddField(
            model_name="supervision",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="workorders.workorder"
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="unit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="areas.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["asked", "replied", "signed"])),
                fields=("order",),
                name="supervision_stands_once",
            ),
        ),
    ]
