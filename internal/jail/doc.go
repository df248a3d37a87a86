// Package jail decodes hostile bytes where they can do no harm: in a child
// process that has nothing.
//
// The child is this very program, started again with an empty environment. Before
// it reads the first byte it gives itself a limit of memory and of files, and on
// Linux forbids itself, and every thread of its own, to open files or sockets and
// to start programs. It is killed when a picture takes too long, and replaced
// after a number of pictures, so that no picture can leave anything behind for
// the next one.
//
// It promises that a picture which exhausts memory, crashes a decoder or never
// ends costs one child and is answered with ErrKilled; the process that serves
// people goes on. Elsewhere than on Linux the child has limits of time only, and
// Confined says so. It knows nothing about pictures: what runs inside is given by
// whoever starts it.
package jail
