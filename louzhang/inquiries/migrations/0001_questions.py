
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
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_seq', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.BinaryField(default=b'')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[('asked', '等回答'), ('answered', '已回答'), ('closed', '已结束'), ('turned', '已转工单')], default='asked', max_length=10)),
                ('device_hash', models.CharField(blank=True, default='', max_length=64)),
                ('contact_name_sealed', models.TextField(blank=True, default='')),
                ('contact_phone_sealed', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('waiting_since', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='areas.area')),
                ('asker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='workorders.workorder')),
            ],
            options={
                'verbose_name': '微邻里提问',
                'verbose_name_plural': '微邻里提问',
                'indexes': [models.Index(condition=models.Q(('asker__isnull', False)), fields=['asker', '-id'], name='inquiry_asker'), models.Index(condition=models.Q(('device_hash', ''), _negated=True), fields=['device_hash', '-id'], name='inquiry_device'), models.Index(condition=models.Q(('status', 'asked')), fields=['area'], name='inquiry_waiting'), models.Index(condition=models.Q(('erased_at', None)), fields=['closed_at'], name='inquiry_to_erase')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'answered', 'closed', 'turned'])), name='inquiry_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('status', 'turned')), models.Q(models.Q(('status', 'turned'), _negated=True), ('order', None)), _connector='OR'), name='inquiry_turned_has_order'), models.CheckConstraint(condition=models.Q(models.Q(('asker__isnull', False), ('device_hash', '')), models.Q(('asker', None), models.Q(('device_hash', ''), _negated=True)), _connector='OR'), name='inquiry_of_one')],
            },
        ),
    ]
