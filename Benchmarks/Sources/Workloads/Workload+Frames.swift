import PostQuantum

// What encryption costs on the way from replica to replica.
extension Workload {
    /// As many bytes as a vote with its signature has, about.
    private static let frameByteCount = 2_560

    static let frames = [
        Workload("Frame of a vote: seal", repetitions: 64) { _ in
            var sealer = try FrameSealer(key: key)
            let plaintext = [UInt8](repeating: 7, count: frameByteCount)
            return { _ in consume(try sealer.seal(plaintext, authenticating: header)) }
        },
        Workload("Frame of a vote: open", repetitions: 64) { count in
            var sealer = try FrameSealer(key: key)
            var opener = try FrameOpener(key: key)
            let plaintext = [UInt8](repeating: 7, count: frameByteCount)
            let frames = try (0..<count).map { _ in try sealer.seal(plaintext, authenticating: header) }
            return { index in
                let opened = try opener.open(frames[index], authenticating: header)
                try WorkloadFault.unless(opened.count == frameByteCount, "a frame has \(opened.count) bytes")
            }
        },
    ]

    private static let header: [UInt8] = [0x10, 0x0a, 0, 0]
    private static var key: SecretBytes { SecretBytes([UInt8](repeating: 1, count: FrameCipher.keyByteCount)) }
}
