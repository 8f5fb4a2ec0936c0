// A network that learns random labels by heart has not learned to read: overfitting, and what helps against it.
int main() {}
