"""Reference media read and checked, and the finished video drawn from them."""
