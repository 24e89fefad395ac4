internal import HotStuff

/// Says again what was said long ago, by itself and by others, to anybody and to those who lag.
struct Replays: Strategy {
    mutating func hear(_ message: Message, from sender: ReplicaID, as liar: inout Liar, answers: inout [Letter]) {
        // Who asks for blocks lags: it may believe old things.
        if case .blockRequest = message { replay(to: sender, as: &liar, letters: &answers) }
        guard liar.random.chance(oneIn: 24), let receiver = liar.someone().first else { return }
        replay(to: receiver, as: &liar, letters: &answers)
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 2), let receiver = liar.someone().first else { return }
        replay(to: receiver, as: &liar, letters: &letters)
    }

    private func replay(to receiver: ReplicaID, as liar: inout Liar, letters: inout [Letter]) {
        let memory = liar.memory
        let me = liar.pen.replica
        let old: Message?
        switch liar.random.below(6) {
        case 0: old = memory.votes.filter { $0.voter == me }.first.map { .vote($0) }
        case 1: old = memory.givenUp.filter { $0.sender == me }.first.map { .timeout($0) }
        case 2: old = memory.proposals.filter { $0.block.header.proposer == me }.first.map { .proposal($0) }
        case 3:
            old = memory.certificates.first.map {
                .certificates(CertificatePair(quorum: $0, timeout: memory.timeouts.first))
            }
        case 4:
            old =
                memory.certificates.isEmpty
                ? nil : .certificates(CertificatePair(quorum: liar.random.pick(memory.certificates), timeout: nil))
        default: old = memory.messages.isEmpty ? nil : liar.random.pick(memory.messages)
        }
        guard let old else { return }
        liar.acts += 1
        letters.append(Letter(old, to: receiver))
    }
}
