from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0002_counted_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeedDay',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'area_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('area_id', models.BigIntegerField()),
                ('deeds', models.IntegerField(default=0)),
            ],
            options={
                'verbose_name': '好人好事日汇总',
                'verbose_name_plural': '好人好事日汇总',
                'constraints': [models.CheckConstraint(condition=models.Q(('deeds__gte', 0)), name='deed_day_counts_whole')],
            },
        ),
        migrations.CreateModel(
            name='VisitDay',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'area_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('area_id', models.BigIntegerField()),
                ('visits', models.IntegerField(default=0)),
                ('met', models.IntegerField(default=0)),
                ('nobody', models.IntegerField(default=0)),
                ('later', models.IntegerField(default=0)),
                ('declined', models.IntegerField(default=0)),
                ('needs', models.IntegerField(default=0)),
                ('orders', models.IntegerField(default=0)),
            ],
            options={
                'verbose_name': '走访日汇总',
                'verbose_name_plural': '走访日汇总',
                'constraints': [models.CheckConstraint(condition=models.Q(('declined__gte', 0), ('later__gte', 0), ('met__gte', 0), ('needs__gte', 0), ('nobody__gte', 0), ('orders__gte', 0), ('visits__gte', 0)), name='visit_day_counts_whole')],
            },
        ),
    ]
