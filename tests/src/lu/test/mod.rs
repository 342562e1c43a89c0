mod delay;
