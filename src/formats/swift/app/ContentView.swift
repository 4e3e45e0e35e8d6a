import SwiftUI

struct ContentView: View {
    @ObservedObject var session: Session

    var body: some View {
        TabView {
            TrainingView(session: session)
                .tabItem { Label("Train", systemImage: "chart.xyaxis.line") }
            if let box = AppSettings.drawingBox {
                DrawingView(session: session, box: box)
                    .tabItem { Label("Draw", systemImage: "pencil.tip") }
            }
        }
        .task { await session.prepare() }
    }
}
