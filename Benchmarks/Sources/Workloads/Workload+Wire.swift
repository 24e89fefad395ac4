internal import HotStuff

// Messages to bytes and back.
extension Workload {
    static let wire: [Workload] =
        messages("Proposal of 400 commands", repetitions: 100) {
            let chain = try SampleChain(of: 2, commands: SampleCommands.perBlock, by: SampleCommittee())
            return Message.proposal(chain.links[1].proposal)
        }
        + messages("Vote", repetitions: 1_000) {
            let chain = try SampleChain(of: 1, commands: 0, by: SampleCommittee())
            return Message.vote(chain.links[0].votes[0])
        }
        + messages("Submission of 100 commands", repetitions: 400) {
            ClientRequest.submit(SampleCommands.puts(100))
        }

    /// The way there and the way back.
    private static func messages<Content: BorshCodable & Equatable & Sendable>(
        _ name: String,
        repetitions: Int,
        _ make: @escaping @Sendable () throws -> Content
    ) -> [Workload] {
        [
            Workload("\(name): encode", repetitions: repetitions) { _ in
                let message = try make()
                return { _ in consume(Frame.encode(message)) }
            },
            Workload("\(name): decode", repetitions: repetitions) { _ in
                let message = try make()
                let bytes = Frame.encode(message)
                try WorkloadFault.unless(
                    try Frame.decode(Content.self, from: bytes) == message,
                    "it is read as another"
                )
                return { _ in consume(try Frame.decode(Content.self, from: bytes)) }
            },
        ]
    }
}
