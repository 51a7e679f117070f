
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
            name='Mediation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_seq', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.BinaryField(default=b'')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[('started', '已发起'), ('talking', '调解中'), ('agreed', '达成协议'), ('failed', '没有达成'), ('followed', '已回访')], default='started', max_length=10)),
                ('started_at', models.DateTimeField()),
                ('handed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_seq', models.PositiveIntegerField(blank=True, null=True)),
                ('follow_up_on', models.DateField(blank=True, null=True, verbose_name='回访日期')),
                ('followed_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mediations', to='areas.area')),
                ('mediator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mediations', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mediations', to='workorders.workorder')),
                ('starter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '矛盾调解',
                'verbose_name_plural': '矛盾调解',
            'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['started', 'talking', 'agreed', 'failed', 'followed'])), name='mediation_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status__in', ['started', 'talking'])), models.Q(models.Q(('status__in', ['started', 'talking']), _negated=True), ('ended_at__isnull', False), ('follow_up_on__isnull', False)), _connector='OR'), name='mediation_ended_whole'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'agreed'), _negated=True), ('agreed_seq__isnull', False), _connector='OR'), name='mediation_agreed_has_words'), models.UniqueConstraint(condition=models.Q(('order__isnull', False), ('status__in', ['started', 'talking'])), fields=('order',), name='mediation_once_open')], 'indexes': [models.Index(fields=['mediator', '-id'], name='mediation_mediator'), models.Index(fields=['area', '-id'], name='mediation_area')], },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('name_sealed', models.TextField()),
                ('phone_sealed', models.TextField(blank=True, default='')),
                ('code_hash', models.CharField(blank=True, default='', max_length=64)),
                ('code_sealed', models.TextField(blank=True, default='')),
                ('device_hash', models.CharField(blank=True, default='', max_length=64)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='mediation.mediation')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '当事人',
                'verbose_name_plural': '当事人',
            'constraints': [models.UniqueConstraint(fields=('mediation', 'position'), name='party_position_once'), models.UniqueConstraint(condition=models.Q(('code_hash', ''), _negated=True), fields=('code_hash',), name='party_code_once')], 'indexes': [models.Index(condition=models.Q(('device_hash', ''), _negated=True), fields=['device_hash'], name='party_device'), models.Index(condition=models.Q(('user__isnull', False)), fields=['user'], name='party_user')], },
        ),
    ]
