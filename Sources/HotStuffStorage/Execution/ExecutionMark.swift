internal import HotStuff

/// What a data directory's file `executing` says: what the application was executing when the process ended.
///
///     height 8 | index 4 | session 12 | sequence 8 | digest 32 | attempts 4
///
/// All are zero when it was executing nothing. It is written without a sync, for it has to outlive the process, not the machine.
struct ExecutionMark: Equatable {
    static let fileName = "executing"
    static let magic = "hs_exec1"
    static let nothing = ExecutionMark(height: .genesis, command: nil, attempts: 0)

    /// The length of the file.
    static let fileByteCount = 8 + 8 + 4 + 12 + 8 + 32 + 4 + 16

    /// The block.
    var height: Height
    /// The command, if it is known which.
    var command: WitnessedCommand?
    /// How many times this command was begun and not finished.
    var attempts: UInt32

    /// The bytes of the file.
    var fileBytes: [UInt8] {
        var encoder = BorshEncoder(capacity: ExecutionMark.fileByteCount)
        encoder.append(height)
        encoder.append(UInt32(clamping: command?.index ?? 0))
        encoder.append(command?.key ?? CommandKey(session: .none, sequence: 0))
        encoder.append(command?.digest ?? .zero)
        encoder.append(attempts)
        return SealedBytes.seal(encoder.bytes, magic: ExecutionMark.magic)
    }

    init(height: Height, command: WitnessedCommand?, attempts: UInt32) {
        self.height = height
        self.command = command
        self.attempts = attempts
    }

    /// Reads a file; one that is damaged, as after a loss of power, says nothing.
    init(_ file: [UInt8]) {
        self = .nothing
        guard let content = SealedBytes.open(file, magic: ExecutionMark.magic) else { return }
        var decoder = BorshDecoder(content)
        guard let height = try? decoder.read(Height.self), let index = try? decoder.readUInt32(),
            let key = try? decoder.read(CommandKey.self), let digest = try? decoder.read(Digest.self),
            let attempts = try? decoder.readUInt32()
        else { return }
        self.height = height
        self.attempts = attempts
        if key.session != .none { command = WitnessedCommand(key: key, digest: digest, index: Int(index)) }
    }
}
