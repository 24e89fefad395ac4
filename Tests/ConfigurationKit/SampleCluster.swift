package import HotStuffConfiguration

/// A cluster of four that all tests share, for keys take a while.
package let sampleCluster: NewCluster = {
    do {
        return try NewCluster(name: "sample", host: "127.0.0.1", ports: [7_000, 7_001, 7_002, 7_003])
    } catch {
        fatalError("no sample cluster: \(error)")
    }
}()
