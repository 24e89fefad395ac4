internal import HotStuff

/// Signs the same statement again and again: each receiver has other bytes, and some have several.
struct SecondSignatures: Strategy {
    mutating func bend(_ letters: inout [Letter], as liar: inout Liar) {
        var more: [Letter] = []
        for index in letters.indices {
            for _ in 0..<liar.random.below(3) {
                guard let other = again(letters[index], as: &liar) else { break }
                liar.acts += 1
                more.append(Letter(other, to: letters[index].receiver))
            }
            guard liar.random.chance(oneIn: 2), let other = again(letters[index], as: &liar) else { continue }
            liar.acts += 1
            letters[index].content = .message(other)
        }
        letters += more
    }

    private func again(_ letter: Letter, as liar: inout Liar) -> Message? {
        let variant = UInt8(liar.random.below(256))
        if let vote = letter.vote { return liar.vote(vote.statement, variant: variant) }
        guard let timeout = letter.timeout else { return nil }
        return liar.timeout(
            timeout.statement.view,
            showing: timeout.certificates,
            claiming: timeout.statement.highestCertifiedView,
            variant: variant
        )
    }
}
