internal import HotStuff

// What is left behind when a chain goes on from a block.
extension Rescue {
    /// What is recorded or certified above a height, and does not go on.
    func losses<Machine: StateMachine>(
        beside path: RescuePath,
        above final: Height,
        _ execution: Execution<Machine>
    ) -> RescueLosses {
        var losses = RescueLosses()
        losses.certified = highestFirst.filter { $0.view > path.tip.view }
        var (seen, kept) = (Set<Digest>(path.blocks + [path.tip.block]), Set<CommandKey>())
        for source in sources {
            _ = try? JournalSummary(source.journal, on: source.disk) { record, _ in
                guard case .block(let block) = record, block.height > final, seen.insert(block.id).inserted else {
                    return
                }
                losses.uncertifiedBlocks += 1
                for key in block.payload.commands.map(\.key) {
                    if key.session == .none {
                        losses.openings += 1
                    } else if execution.result(for: key) == nil, kept.insert(key).inserted {
                        losses.commands.append(key)
                    }
                }
            }
        }
        return losses
    }
}
