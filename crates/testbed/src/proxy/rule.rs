//! Which requests are broken, and how.

/// What is done to a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection is reset before anything is answered.
    Refuse,
    /// The server gets the head and this many bytes of the body; then both sides are reset.
    ResetAfter(u64),
    /// Nothing is passed on and nothing is answered.
    Stall,
    /// The server carries the request out; its answer is swallowed and the client reset.
    LoseAnswer,
    /// The client gets this many bytes of the answer; then it is reset.
    CutAnswer(usize),
    /// This is the answer; the server is not asked.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// The answer's `Date` says this.
    Date(String),
    /// Wherever the answer has the first text, in its head or body, it has the second one instead.
    Texts(Vec<(String, String)>),
}

impl Fault {
    /// 503 SlowDown.
    pub fn slow_down() -> Self {
        Self::error(503, "SlowDown", "Please reduce your request rate.")
    }

    /// An S3 error.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        let headers = vec![("Content-Type".to_owned(), "application/xml".to_owned())];
        Self::Answer {
            status,
            headers,
            body,
        }
    }

    /// 301, 307 and the like.
    pub fn redirect(status: u16, to: &str) -> Self {
        let headers = vec![("Location".to_owned(), to.to_owned())];
        Self::Answer {
            status,
            headers,
            body: String::new(),
        }
    }
}

/// Which requests get a fault.
#[derive(Debug, Clone)]
pub struct Rule {
    fault: Fault,
    method: Option<&'static str>,
    path: Option<String>,
    left: Option<usize>,
    percent: u32,
    debt: u32,
}

impl Rule {
    /// All requests.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            path: None,
            left: None,
            percent: 100,
            debt: 0,
        }
    }

    /// Only those with this method.
    #[must_use]
    pub fn method(self, method: &'static str) -> Self {
        Self {
            method: Some(method),
            ..self
        }
    }

    /// Only those whose path and query contain this text, as it is sent.
    #[must_use]
    pub fn path(self, path: &str) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// Only the next `times` of them.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self {
            left: Some(times),
            ..self
        }
    }

    /// Only so many of a hundred, evenly spread.
    #[must_use]
    pub fn percent(self, percent: u32) -> Self {
        Self { percent, ..self }
    }

    /// The fault, when this request gets it.
    pub(super) fn hit(&mut self, request: &Request) -> Option<Fault> {
        if self.method.is_some_and(|method| method != request.method)
            || self
                .path
                .as_ref()
                .is_some_and(|path| !request.path.contains(path.as_str()))
            || self.left == Some(0)
        {
            return None;
        }
        self.debt += self.percent;
        if self.debt < 100 {
            return None;
        }
        self.debt -= 100;
        self.left = self.left.map(|left| left - 1);
        Some(self.fault.clone())
    }
}

/// One request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// With the query, as sent.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Self {
            method,
            path,
            headers,
        })
    }
}
