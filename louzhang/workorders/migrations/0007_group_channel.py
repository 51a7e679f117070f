"""A report can come from a message of a chat group."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("workorders", "0006_duplicates")]

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
                    ("walk_in", "来访"),
                    ("worker_call", "工作人员来电"),
                    ("file", "批量导入"),
                    ("api", "接口"),
                    ("history", "历史数据"),
                ],
                max_length=12,
            ),
        ),
    ]
