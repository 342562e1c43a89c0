mod powercycle;
