mod diagnose;
