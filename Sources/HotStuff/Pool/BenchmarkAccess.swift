/// What benchmarks, which are a package of their own, may see of the pool; nobody else imports it.
@_spi(Benchmarks)
extension CommandPool {
    /// The oldest commands for one block whose ancestors are all final.
    public func batch(maximumCount: Int, maximumBytes: Int) -> [Command] {
        batch(maximumCount: maximumCount, maximumBytes: maximumBytes, excluding: KeyPages())
    }
}
