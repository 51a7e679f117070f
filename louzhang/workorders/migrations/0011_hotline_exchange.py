import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0010_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="channel",
            field=models.CharField(
                choices=[
                    ("resident", "居民随手拍"),
                    ("field", "楼长网格员上报"),
                    ("group", "群消息转来"),
                    ("call", "电话"),
                    ("hotline", "12345 热线"),
                    ("walk_in", "来访"),
                    ("worker_call", "工作人员来电"),
                    ("file", "批量导入"),
                    ("api", "接口"),
                    ("history", "历史数据"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="HotlineReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=40)),
                ("ready_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hotline_replies",
                        to="workorders.workorder",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "回传",
                "verbose_name_plural": "回传",
                "indexes": [
                    models.Index(condition=models.Q(("sent_at", None)), fields=["id"], name="hotline_reply_waiting"),
                    models.Index(
                        condition=models.Q(("sent_at__isnull", False)), fields=["-sent_at"], name="hotline_reply_sent"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "seq"), name="hotline_reply_once"),
                    models.CheckConstraint(
                        condition=models.Q(("sent_by", None), ("sent_at__isnull", False), _connector="OR"),
                        name="hotline_reply_sent_whole",
                    ),
                ],
            },
        ),
    ]
