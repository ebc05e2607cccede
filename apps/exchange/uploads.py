"""placeholder by lead."""
