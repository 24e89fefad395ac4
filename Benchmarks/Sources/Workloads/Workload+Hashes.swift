internal import HotStuff

// The names of blocks and of what is in them.
extension Workload {
    static let hashes = [
        Workload("Payload of 400 commands: hash", repetitions: 200) { _ in
            let payload = Payload(SampleCommands.puts(SampleCommands.perBlock))
            return { _ in consume(payload.digest) }
        },
        Workload("Block header: hash", repetitions: 1_000) { _ in
            let header = try SampleChain(of: 1, commands: 0, by: SampleCommittee()).links[0].block.header
            return { _ in consume(header.id) }
        },
    ]
}
