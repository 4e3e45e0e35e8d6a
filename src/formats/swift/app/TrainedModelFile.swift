@preconcurrency import CoreML
import Foundation

/// Where numbers stand in the model file: `count` floats of 32 bits, the first one at the byte `offset`.
struct NumberPlace {
    let offset: Int
    let count: Int
}

/// A layer that trains.
struct TrainedLayer {
    let name: String
    let weights: NumberPlace
    let biases: NumberPlace?
}

/// Makes a model file (.mlmodel) of what was trained here. Core ML itself saves compiled models only, which no editor
/// reads: so the numbers are put into a copy of the file that was exported, each in its place.
enum TrainedModelFile {
    /// The largest difference between the probabilities of the trained model and of its file.
    private static let tolerance: Float = 0.001

    /// - Throws: where the file does not predict what the network predicts for the first of these examples.
    static func write(
        _ network: TrainableNetwork,
        original: URL,
        checkedWith examples: ExampleSet,
        to url: URL
    ) async throws {
        var file = try Data(contentsOf: original)
        for layer in TrainedLayers.all {
            let weights = try await network.numbers(for: MLParameterKey.weights.scoped(to: layer.name))
            try put(weights, layer.weights, layer.name, into: &file)
            if let place = layer.biases {
                let biases = try await network.numbers(for: MLParameterKey.biases.scoped(to: layer.name))
                try put(biases, place, layer.name, into: &file)
            }
        }
        try file.write(to: url, options: .atomic)
        let written = try await TrainableNetwork(modelURL: url)
        for index in 0 ..< min(20, examples.count) {
            let pixels = examples.pixels(at: index)
            let expected = try await network.predict(pixels)
            let found = try await written.predict(pixels)
            let difference = zip(expected, found).map { abs($0 - $1) }.max() ?? 0
            guard difference <= tolerance else {
                try? FileManager.default.removeItem(at: url)
                throw NetworkError(
                    "Core ML keeps the numbers in another order here than in the file, so no .mlmodel was written. "
                        + "The compiled model is saved."
                )
            }
        }
    }

    private static func put(_ numbers: [Float], _ place: NumberPlace, _ layer: String, into file: inout Data) throws {
        guard numbers.count == place.count else {
            throw NetworkError("The layer \(layer) has \(numbers.count) numbers; its place in the file holds \(place.count).")
        }
        numbers.withUnsafeBytes { bytes in
            file.replaceSubrange(place.offset ..< place.offset + bytes.count, with: bytes)
        }
    }
}
