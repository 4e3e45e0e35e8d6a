import SwiftUI

/// How good the network is on images that it has not trained with, and the file to take along.
struct ResultSection: View {
    @ObservedObject var session: Session

    var body: some View {
        Section("Test") {
            Button("Test") {
                Task { await session.test() }
            }
            .disabled(!session.isReady)
            if session.activity == .testing {
                ProgressView(value: Double(session.tested), total: Double(max(session.testCount, 1))) {
                    Text("\(session.tested.formatted()) of \(session.testCount.formatted()) images")
                        .monospacedDigit()
                }
            }
            if let accuracy = session.accuracy {
                LabeledContent("Test accuracy", value: accuracy.formatted(.number.precision(.fractionLength(4))))
            }
        }
        if session.isTrained {
            Section {
                if let url = session.sharedModel {
                    ShareLink(item: url) {
                        Label(shareTitle(url), systemImage: "square.and.arrow.up")
                    }
                } else {
                    Button("Make the file to share") {
                        Task { await session.makeSharedModel() }
                    }
                    .disabled(!session.isReady)
                }
                if session.activity == .writing {
                    ProgressView("Writing the trained model")
                }
                Button("Start over", role: .destructive) {
                    Task { await session.startOver() }
                }
                .disabled(!session.isReady)
            } header: {
                Text("Trained model")
            } footer: {
                Text("Layerpad opens the .mlmodel file again. Starting over forgets what was trained here.")
            }
        }
    }

    private func shareTitle(_ url: URL) -> String {
        url.pathExtension == "mlmodel" ? "Share trained model" : "Share compiled model"
    }
}
