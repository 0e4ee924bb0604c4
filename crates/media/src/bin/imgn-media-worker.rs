//! A media worker and nothing else, for programs that cannot be their own.

fn main() {
    media::worker::serve()
}
