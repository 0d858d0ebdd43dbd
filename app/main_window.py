"""The window: panels, menus, status line, and what they share."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app import actions
from app.colour_menu import ColourMenu
from app.export_menu import ExportMenu
from app.icons import icon
from app.jobs.regions_at_rest import RegionsAtRest
from app.last_work import LastWork
from app.layouts import LayoutMenu
from app.menus import Menus
from app.panels.annotation.controller import AnnotationController
from app.panels.cloud.controller import CloudController
from app.panels.defects.controller import DefectsController
from app.panels.features.controller import FeaturesController
from app.panels.image.controller import ImageController
from app.panels.operating_point.controller import OperatingPointController
from app.panels.queue.controller import QueueController
from app.panels.readout.controller import ReadoutController
from app.panels.retraining.controller import RetrainingController
from app.panels.review.controller import ReviewController
from app.panels.send_list.controller import SendListController
from app.panels.slices.controller import SlicesController
from app.panels.verdict.controller import VerdictController
from app.status import StatusLine
from app.text import text
from app.theme import words_share
from app.widgets.dock import Dock
from app.widgets.first_size import most_size
from app.widgets.message_area import MessageArea
from app.widgets.welcome import Welcome
from app.workbench import Workbench

#: Of the first window, in logical pixels: at least this with words of standard size, and on a
#: large screen most of it.
_SIZE = QSize(1480, 920)
_SHARE_OF_SCREEN = 0.9
_SIDE_WIDTH = 496
#: The views need the rest.
_SIDE_SHARE = 1 / 3
_TALL = 860
#: How long a remark stays in the status line.
_REMARK_MS = 8000
_TABLE_HEIGHT = 170
_LIMITS_HEIGHT = 400


class MainWindow(QMainWindow):
    """The workbench.

    Parameters
    ----------
    bench : Workbench
        Its state; the window stops its worker when it is closed.
    """

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.setWindowTitle(text("window.title"))
        self.setWindowIcon(icon("cmdiad", "#000000"))
        self.setAcceptDrops(True)
        #: Share of the standard size that words had when the docks got their sizes.
        self._sized_for = words_share()
        self.queue = QueueController(bench)
        self.operating_point = OperatingPointController(bench)
        self.verdict = VerdictController(bench)
        self.review = ReviewController(bench)
        self.image = ImageController(bench)
        self.annotation = AnnotationController(
            bench, self.image.view.canvas, lambda: self.image.shown
        )
        self.annotation.take_keys_of(self)
        self.image.view.body.insertWidget(1, self.annotation.view)
        self.cloud = CloudController(bench)
        self.defects = DefectsController(bench)
        self.features = FeaturesController(bench)
        self.readout = ReadoutController(bench)
        self.slices = SlicesController(bench)
        RegionsAtRest(bench, self)
        self.last_work = LastWork(bench, self)
        self.messages = MessageArea(self.queue.view)
        export = ExportMenu(self, bench, lambda: self.image.shown)
        self.menus = Menus(self, bench, self._fit_views, export, self.review.write_comment)
        self.retraining = RetrainingController(bench, self, self.menus.models.open_at)
        self.menus.retrain.triggered.connect(self.retraining.ask)
        self.review.view.retrain.clicked.connect(self.retraining.ask)
        self.send_list = SendListController(bench, self, self.queue.thumbnails)
        self.menus.send_list.triggered.connect(self.send_list.show)
        self.setStatusBar(StatusLine(bench.session, bench.people))
        self.statusBar().addPermanentWidget(self.retraining.status)
        self._lay_out()
        self._connect()
        self._restore()

    def start(self) -> None:
        """Fetch what the first look did not need; call once the window is shown."""
        self._bench.worker.submit(
            "library",
            "pyvista",
            _import_pyvista,
            lambda _: self._prepare(),
            self._bench.notifications.report,
            title=text("job.preparing_3d"),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Welcome files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open what was dropped, or take it in as results of this queue."""
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.menus.nearline.drop([Path(url.toLocalFile()) for url in urls])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Hear what the system says of the window."""
        super().showEvent(event)
        self.windowHandle().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Draw all anew where a window over this one has gone.

        With a 3D view in a window of its own, Qt redraws less than what was covered.
        """
        if event.type() is QEvent.Type.Expose:
            self.update()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the look of the application."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "menus"):
            self.menus.follow_look()
            self.menus.models.follow_look()
            self.cloud.follow_look()
            self.annotation.view.follow_look()
            self.verdict.show()
            self.review.view.follow_look()
            self.review.show()
        elif event.type() == QEvent.Type.StyleChange and self._sized_for != words_share():
            self._size_docks()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the layout, stop the worker, give back what OpenGL holds."""
        # What is given up at once is asked for last.
        if not (self.menus.export.may_close() and self.retraining.may_close()):
            event.ignore()
            return
        settings = self._bench.settings
        settings.geometry = self.saveGeometry()
        if self.pages.currentIndex():
            settings.layout = self.saveState(self._is_low())
            self.last_work.remember()
        for name, splitter in self._splitters.items():
            settings.set_splitter(name, splitter.saveState())
        # The job under way may take a moment; nobody should look at a dead window meanwhile.
        self.hide()
        self.menus.leave_modes()
        self.send_list.leave()
        self.retraining.close()
        self._bench.worker.stop()
        self._bench.log.write()
        self._bench.store.close()
        self.cloud.release()
        self.slices.release()
        self.features.release()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        views = _splitter(Qt.Orientation.Horizontal, self.image.view, self.cloud.view)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(text("tabs.title"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(views, text("tab.part"))
        self.tabs.addTab(self.features.view, text("tab.features"))
        self.tabs.addTab(self.slices.view, text("tab.slices"))
        self._offer_slices(False)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.verdict.view)
        column.addWidget(self.review.view)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.readout.view)
        # The colour bar of both stands beside the image.
        views.setSizes([560, 440])
        self._splitters = {"views": views}
        menus = self.menus
        first = [menus.open_demo, menus.open_model, menus.open_folder, menus.method]
        self.pages = QStackedWidget()
        self.welcome = Welcome(first)
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(right)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(7)
        layout.addWidget(self.messages)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(centre)
        self._add_docks()

    def _add_docks(self) -> None:
        left = Qt.DockWidgetArea.LeftDockWidgetArea
        # The side reaches down to the status line; what lies below belongs to the views.
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.docks = [
            Dock("queue", self.queue.view, self),
            Dock("operating_point", self.operating_point.view, self),
            Dock("defects", self.defects.view, self),
        ]
        for dock in self.docks:
            below = dock.objectName() == "defects"
            self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea if below else left, dock)
            dock.hide()
            self.menus.view.addAction(dock.toggleViewAction())
        self.layouts = LayoutMenu(self, self._bench.settings)
        self.menus.view.addSeparator()
        self.menus.view.addMenu(self.layouts)
        self.menus.view.addMenu(ColourMenu(self._bench, self))

    def _size_docks(self) -> None:
        self._sized_for = words_share()
        side, table = (round(words_share() * size) for size in (_SIDE_WIDTH, _TABLE_HEIGHT))
        side = min(side, round(_SIDE_SHARE * self.width()))
        self.resizeDocks(self.docks[:2], [side] * 2, Qt.Orientation.Horizontal)
        self.resizeDocks(self.docks[2:], [table], Qt.Orientation.Vertical)

    def _connect(self) -> None:
        session = self._bench.session
        session.model_changed.connect(self._show_work)
        session.parts_changed.connect(self._show_work)
        session.current_changed.connect(self._name_part)
        session.job_changed.connect(lambda: self.welcome.job.setText(session.job))
        self.slices.found.connect(self._offer_slices)
        self._bench.people.changed.connect(self._follow_person)
        self._bench.notifications.posted.connect(self.messages.add)
        self._bench.notifications.withdrawn.connect(self.messages.withdraw)
        self._bench.notifications.remarked.connect(self._remark)
        self._bench.worker.job_changed.connect(session.set_job)
        self.review.view.comment.ended.connect(self.queue.view.setFocus)
        self.image.view.opacity_changed.connect(self.cloud.set_opacity)

    def _restore(self) -> None:
        screen = self.screen().availableSize()
        wanted = (_SIZE * words_share()).expandedTo(screen * _SHARE_OF_SCREEN)
        self.resize(wanted.boundedTo(most_size(self)))
        if geometry := self._bench.settings.geometry:
            self.restoreGeometry(geometry)
        for name, splitter in self._splitters.items():
            if state := self._bench.settings.splitter(name):
                splitter.restoreState(state)

    def _fit_views(self) -> None:
        self.image.fit()
        self.cloud.fit()

    def _show_work(self) -> None:
        if self.pages.currentIndex() == 0:
            self.pages.setCurrentIndex(1)
            low = self._is_low()
            if low:
                # Before they are shown: beside each other they would make the window higher.
                self._stack_docks()
            for dock in self.docks:
                dock.show()
            self._size_docks()
            if low:
                self.docks[0].raise_()
            else:
                # What is left of the side is the queue's.
                self.resizeDocks(self.docks[1:2], [_LIMITS_HEIGHT], Qt.Orientation.Vertical)
            self.layouts.take_standard()
            if layout := self._bench.settings.layout:
                # One of a window of the other kind is left: on a low one it would not fit.
                self.restoreState(layout, low)
            self.queue.view.table.setFocus()

    def _is_low(self) -> bool:
        return self.height() < words_share() * _TALL

    def _stack_docks(self) -> None:
        # One above the other, each would show a line or two, and the views little more.
        queue, limits, table = self.docks
        self.tabifyDockWidget(queue, limits)
        self.tabifyDockWidget(limits, table)

    def _offer_slices(self, there: bool) -> None:
        self.tabs.setTabVisible(self.tabs.indexOf(self.slices.view), there)
        # A tab that is not offered must not widen the window.
        policy = QSizePolicy.Policy.Preferred if there else QSizePolicy.Policy.Ignored
        self.slices.view.setSizePolicy(policy, policy)
        if there and self._bench.session.current is None:
            # Opened by itself: there is nothing else to look at.
            self._show_work()
            self.tabs.setCurrentWidget(self.slices.view)

    def _follow_person(self) -> None:
        # Strokes are kept under a name, and a filter may ask what is yours.
        actions.read_annotation(self._bench)
        self._bench.session.set_order(self._bench.session.order)
        self.review.show()

    def _remark(self, sentence: str) -> None:
        self.statusBar().showMessage(sentence, _REMARK_MS)

    def _prepare(self) -> None:
        self.cloud.prepare()
        self.features.prepare()

    def _name_part(self) -> None:
        part = self._bench.session.current
        title = text("window.title")
        self.setWindowTitle(f"{part} – {title}" if part else title)


def _splitter(orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(7)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter


def _import_pyvista() -> None:
    import pyvistaqt  # noqa: F401
