fn main() {
    media::worker::serve_if_asked();
}
