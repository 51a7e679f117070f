import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0003_stand_ins_until'),
        ('surveys', '0002_follow_ups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_on', models.DateField()),
                ('happened_on', models.DateField()),
                ('count', models.PositiveIntegerField()),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entry_tallies', to='surveys.survey')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '填报量',
                'verbose_name_plural': '填报量',
                'indexes': [models.Index(condition=models.Q(('user__isnull', False)), fields=['user', 'happened_on'], name='entry_tally_user')],
                'constraints': [models.UniqueConstraint(fields=('survey', 'area', 'user', 'received_on', 'happened_on'), name='entry_tally_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='entry_tally_counts')],
            },
        ),
    ]
