import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0014_about_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hotlinereply",
            name="hotline_reply_once",
        ),
        migrations.AddField(
            model_name="hotlinereply",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workorders.workorder",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotlinereply",
            constraint=models.UniqueConstraint(
                fields=("order", "given_by", "seq"), name="hotline_reply_once", nulls_distinct=False
            ),
        ),
    ]
