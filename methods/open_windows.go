package methods

const nonblock = 0
