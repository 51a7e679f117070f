from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0001_roll_ups'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedOrder',
            fields=[
                ('order_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('settled_rank', models.SmallIntegerField()),
                ('counts', models.IntegerField()),
                ('take_time', models.SmallIntegerField(null=True)),
                ('contact_time', models.SmallIntegerField(null=True)),
                ('settle_time', models.SmallIntegerField(null=True)),
            ],
            options={
                'verbose_name': '计入数字的工单',
                'verbose_name_plural': '计入数字的工单',
                'constraints': [models.CheckConstraint(condition=models.Q(('counts__gte', 1), ('counts__lt', 4096)), name='counted_order_counts_known')],
            },
        ),
    ]
