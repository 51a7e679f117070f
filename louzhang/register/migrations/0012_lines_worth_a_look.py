"""What the columns of an import look like, and lines that move or change what stands, wait beside the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two more kinds of pieces."""

    dependencies = [("register", "0011_health_on_care_tags")]

    operations = [
        migrations.AlterField(
            model_name="importpiece",
            name="kind",
            field=models.CharField(
                choices=[
                    ("file", "文件"),
                    ("seen", "各列的样子"),
                    ("rows", "读出的行"),
                    ("shown", "要看一眼的行"),
                    ("wrong", "要改的行"),
                ],
                max_length=5,
            ),
        ),
    ]
