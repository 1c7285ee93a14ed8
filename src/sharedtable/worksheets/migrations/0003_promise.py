from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0002_own_words")]

    operations = [
        migrations.RenameModel("Pledge", "Promise"),
        migrations.AlterField(
            "promise",
            "space",
            models.ForeignKey(on_delete=models.PROTECT, related_name="promises", to="accounts.space"),
        ),
        migrations.AlterField(
            "promise",
            "round",
            models.ForeignKey(on_delete=models.PROTECT, related_name="promises", to="worksheets.round"),
        ),
    ]
