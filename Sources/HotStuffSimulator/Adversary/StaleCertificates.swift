internal import HotStuff

/// Shows old certificates in new statements: timeouts that name a view long passed, and pairs that are true but old.
struct StaleCertificates: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        for index in letters.indices {
            guard let pair = stale(as: &liar) else { return }
            if let timeout = letters[index].timeout, pair.view < timeout.statement.view {
                letters[index].content = .message(liar.timeout(timeout.statement.view, showing: pair))
                liar.acts += 1
            } else if case .certificates = letters[index].message, liar.random.chance(oneIn: 2) {
                letters[index].content = .message(.certificates(pair))
                liar.acts += 1
            }
        }
    }

    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard liar.random.chance(oneIn: 3), let pair = stale(as: &liar), let receiver = liar.someone().first
        else { return }
        let isTimeout = pair.view < liar.view && liar.random.chance(oneIn: 2)
        liar.acts += 1
        letters.append(Letter(isTimeout ? liar.timeout(liar.view, showing: pair) : .certificates(pair), to: receiver))
    }

    private func stale(as liar: inout Liar) -> CertificatePair? {
        let memory = liar.memory
        guard !memory.certificates.isEmpty, !liar.random.chance(oneIn: 8) else {
            return CertificatePair(quorum: liar.world.committee.genesisCertificate, timeout: memory.timeouts.last)
        }
        let timeout = memory.timeouts.isEmpty || liar.random.chance(oneIn: 2) ? nil : liar.random.pick(memory.timeouts)
        return CertificatePair(quorum: liar.random.pick(memory.certificates), timeout: timeout)
    }
}
