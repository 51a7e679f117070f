from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0004_questions_left_out'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='followup',
            name='follow_up_once',
        ),
        migrations.AddField(
            model_name='followup',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('rule', 'target'), name='follow_up_standing_once'),
        ),
    ]
