
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('areas', '0001_initial'),
        ('workorders', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('called_at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_calls', to='workorders.workorder')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_calls', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.unit')),
            ],
            options={
                'verbose_name': '叫值班',
                'verbose_name_plural': '叫值班',
                'constraints': [models.UniqueConstraint(fields=('order', 'person'), name='duty_call_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_seq', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.BinaryField(default=b'')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[('written', '等接班人签字'), ('signed', '已交接')], default='written', max_length=8)),
                ('red_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('promised_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('written_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='areas.unit')),
            ],
            options={
                'verbose_name': '交接班',
                'verbose_name_plural': '交接班',
                'indexes': [models.Index(fields=['unit', '-id'], name='handover_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('status', 'written')), models.Q(('signed_at__isnull', False), ('status', 'signed')), _connector='OR'), name='handover_signed_whole'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='handover_to_another'), models.UniqueConstraint(condition=models.Q(('status', 'written')), fields=('unit', 'giver'), name='handover_once_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_seq', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.BinaryField(default=b'')),
                ('starts_at', models.DateTimeField(verbose_name='从')),
                ('ends_at', models.DateTimeField(verbose_name='到')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='第几位')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='areas.unit')),
            ],
            options={
                'verbose_name': '班次',
                'verbose_name_plural': '班次',
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['unit', 'ends_at'], name='shift_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_start'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 9)), name='shift_position_known'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at', None)), expressions=[(models.Func(models.F('unit_id'), models.F('unit_id'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('person_id'), models.F('person_id'), models.Value('[]'), function='int8range', output_field=models.TextField()), '&&'), (models.Func(models.F('starts_at'), models.F('ends_at'), function='tstzrange', output_field=models.TextField()), '&&')], name='shift_person_once')],
            },
        ),
    ]
