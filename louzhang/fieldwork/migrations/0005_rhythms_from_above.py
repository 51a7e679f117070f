from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fieldwork', '0004_where_a_campaign_lives'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_sheet_whole',
        ),
        migrations.AddField(
            model_name='campaign',
            name='rhythm',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='kind',
            field=models.CharField(choices=[('visit', '集中走访'), ('sheet', '填报表'), ('rhythm', '走访节奏')], max_length=10, verbose_name='要做什么'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bulletin__isnull', False), ('kind', 'sheet')), models.Q(('bulletin', None), ('kind__in', ['visit', 'rhythm'])), _connector='OR'), name='campaign_sheet_whole'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rhythm'), models.Q(('rhythm', {}), _negated=True)), models.Q(models.Q(('kind', 'rhythm'), _negated=True), ('rhythm', {})), _connector='OR'), name='campaign_rhythm_whole'),
        ),
    ]
