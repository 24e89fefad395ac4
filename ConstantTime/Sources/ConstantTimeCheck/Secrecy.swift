internal import CMemcheck

extension [UInt8] {
    /// Makes the bytes secret to memcheck; copies of them and all that is computed from them are, too.
    func makeSecret() {
        withUnsafeBytes { memcheck_make_secret($0.baseAddress, $0.count) }
    }

    /// Makes the bytes public again.
    func makePublic() {
        withUnsafeBytes { memcheck_make_public($0.baseAddress, $0.count) }
    }

    /// The number of bytes that depend on a secret.
    var secretByteCount: Int {
        withUnsafeBytes { memcheck_secret_byte_count($0.baseAddress, $0.count) }
    }
}
