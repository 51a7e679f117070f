"""Lines of an import that move or change what stands wait beside the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Another kind of piece."""

    dependencies = [("register", "0011_health_on_care_tags")]

    operations = [
        migrations.AlterField(
            model_name="importpiece",
            name="kind",
            field=models.CharField(
                choices=[("file", "文件"), ("rows", "读出的行"), ("shown", "要看一眼的行"), ("wrong", "要改的行")],
                max_length=5,
            ),
        ),
    ]
