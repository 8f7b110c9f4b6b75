//! What `lab class` says.

common::texts! {
    /// A folder without folders.
    pub(crate) fn no_students(dir) {
        en: "{dir} holds no folders; each student has one, with a lesson.toml",
        zh: "{dir} 里没有文件夹；每个学生一个，里面有 lesson.toml",
    }
    /// How many stages hold, and which does not.
    pub(crate) fn and_stuck_at(held, failed) {
        en: "{held}; {failed}",
        zh: "{held}；{failed}",
    }
    /// The heading of the page.
    pub(crate) fn title() {
        en: "The class",
        zh: "全班",
    }
    /// How many are done.
    pub(crate) fn done(done, of) {
        en: "{done} of {of} through all stages",
        zh: "{of} 人中有 {done} 人全部通过",
    }
    /// How many could not be judged.
    pub(crate) fn unjudged(count) {
        en: "{count} could not be judged",
        zh: "有 {count} 人的程序没能检查",
    }
    /// Above the stages at which most fail.
    pub(crate) fn most_failed() {
        en: "Where most are stuck",
        zh: "大家卡在哪里",
    }
    /// Above the table.
    pub(crate) fn everybody() {
        en: "Who is where",
        zh: "谁到了哪一关",
    }
    /// The first column.
    pub(crate) fn student() { en: "Student", zh: "学生" }
    /// The second column.
    pub(crate) fn lesson() { en: "Lesson", zh: "课" }
    /// The third column.
    pub(crate) fn stages() { en: "Stages", zh: "关卡" }
    /// The fourth column.
    pub(crate) fn first_failed() {
        en: "The first that does not hold (a click shows the report)",
        zh: "第一个没通过的（点开看报告）",
    }
    /// In the fourth column, where all hold.
    pub(crate) fn all_hold() { en: "all hold", zh: "全部通过" }
}
