//! The corpus `signals`: one signal, receivers by name, and what each step leaves behind.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use nuages_base::{ReceiverError, SignalError, Signals};
use serde_json::{Value, json};

use crate::told::{Told, folder, tell};

/// What is sent: the sender as the receivers see it, and the named arguments.
struct Event {
    sender: Value,
    named: Value,
}

/// The signal of a record, its receivers by name, and who was called during the step.
#[derive(Clone)]
struct Bench {
    signals: Signals,
    receivers: Arc<Value>,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Bench {
    /// The signals of the sender that the options name.
    fn of(&self, options: &Value) -> Signals {
        match options["sender"].as_str() {
            Some(sender) => self.signals.sent_by(sender.to_owned()),
            None => self.signals.clone(),
        }
    }

    fn connect(&self, name: &str, options: &Value) {
        let (bench, receiver) = (self.clone(), name.to_owned());
        let call = move |event: Arc<Event>| {
            let answer = bench.called(&receiver, &event);
            async move { answer }
        };
        self.of(options).connect(uid(Some(name), options), call);
    }

    /// What a receiver does: it notes the call, then does to the signal what the record says.
    fn called(&self, name: &str, event: &Event) -> Result<Value, SignalError> {
        let call = json!([name, event.sender, event.named]);
        self.calls.lock().unwrap().push(call);
        let acts = &self.receivers[name];
        if let Some(other) = acts["connect"].as_str() {
            self.connect(other, &json!({}));
        }
        if let Some(other) = acts["disconnect"].as_str() {
            self.signals
                .disconnect::<Event>(&uid(Some(other), &json!({})));
        }
        match acts["raises"].as_str() {
            Some(raised) => Err(raised.into()),
            None => Ok(acts.get("returns").cloned().unwrap_or(json!(name))),
        }
    }

    fn step(&self, op: &[Value]) -> Result<Value, &'static str> {
        let empty = json!({});
        let options = op[1..].iter().find(|part| part.is_object());
        let options = options.unwrap_or(&empty);
        let name = op.get(1).and_then(Value::as_str);
        let signals = self.of(options);
        let event = || Event {
            sender: options["sender"].clone(),
            named: options.get("kwargs").cloned().unwrap_or(json!({})),
        };
        if event().named.get("signal").is_some() || event().named.get("sender").is_some() {
            return Err("an event is one value: nothing in it can take the place of the signal");
        }
        let waits = "nothing waits here";
        Ok(match op[0].as_str().unwrap() {
            "connect" => {
                self.connect(name.unwrap(), options);
                json!({"value": null})
            }
            "disconnect" => {
                json!({"value": signals.disconnect::<Event>(&uid(name, options))})
            }
            "has_listeners" => json!({"value": signals.has_listeners::<Event>()}),
            "send" => match signals.send(event()).now_or_never().expect(waits) {
                Ok(answers) => json!({"value": answers.iter().map(answer).collect::<Vec<_>>()}),
                Err(error) => json!({"error": failed(error)[1]["error"]}),
            },
            "send_robust" => {
                let answers = signals.send_robust(event()).now_or_never().expect(waits);
                let answers = answers.into_iter().map(|told| match told {
                    Ok(told) => answer(&told),
                    Err(error) => failed(error),
                });
                json!({"value": answers.collect::<Vec<_>>()})
            }
            _ => return Err("an operation that this replay does not know"),
        })
    }
}

/// A receiver's identity: its `dispatch_uid`, or else the function that it is.
fn uid(name: Option<&str>, options: &Value) -> String {
    // What is false in Python is no uid; any other value is one, here by its spelling.
    let uid = &options["uid"];
    let none = [json!(null), json!(""), json!(0), json!(false)].contains(uid);
    if none {
        format!("function {}", name.unwrap_or("None"))
    } else {
        format!("uid {uid}")
    }
}

/// The name of the function behind an answer: a receiver by uid answers for the function, too.
fn answer(answer: &nuages_base::Answer) -> Value {
    json!([answer.receiver(), answer.value::<Value>()])
}

fn failed(error: ReceiverError) -> Value {
    let receiver = error.receiver().to_owned();
    json!([receiver, {"error": {"type": error.into_source().to_string()}}])
}

/// The answers of a step carry dispatch uids where Django has functions: the calls name those.
fn with_functions(mut step: Value, calls: &[Value]) -> Value {
    if let Some(answers) = step.get_mut("value").and_then(Value::as_array_mut) {
        for (answer, call) in answers.iter_mut().zip(calls) {
            answer[0] = call[0].clone();
        }
    }
    step
}

/// The words of Python's errors are its own.
fn without_messages(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.contains_key("type") {
                members.remove("message");
            }
            members.values_mut().for_each(without_messages);
        }
        Value::Array(items) => items.iter_mut().for_each(without_messages),
        _ => {}
    }
}

fn check(record: &Value) -> Result<(Value, Value), &'static str> {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let bench = Bench {
        signals: Signals::new(),
        receivers: Arc::new(inputs["receivers"].clone()),
        calls: Arc::default(),
    };
    let mut found = Vec::new();
    for op in inputs["ops"].as_array().unwrap() {
        bench.calls.lock().unwrap().clear();
        let step = bench.step(op.as_array().unwrap())?;
        let calls = bench.calls.lock().unwrap().clone();
        let mut step = with_functions(step, &calls);
        if !calls.is_empty() {
            step["calls"] = json!(calls);
        }
        step["receivers"] = json!(bench.signals.receivers::<Event>());
        found.push(step);
    }
    let mut wanted = expected["steps"].clone();
    without_messages(&mut wanted);
    // A sender that is nobody is no key of Python's cache; here it is one that only those hear who hear all.
    let nobody =
        inputs["use_caching"] == json!(true)
            && wanted.as_array().unwrap().iter().any(|step| {
                step["error"]["type"] == json!("TypeError") && step.get("calls").is_none()
            });
    if nobody {
        return Err("a signal without a sender is one that is sent by nobody, cached or not");
    }
    Ok((json!(found), wanted))
}

#[test]
fn signals_are_sent_as_django_recorded_them() {
    let Some(file) = folder("web").map(|folder| folder.join("signals.jsonl")) else {
        return;
    };
    let Ok(text) = std::fs::read_to_string(file) else {
        return;
    };
    let mut failures = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap();
        match check(&record) {
            Err(why) => tell(id, Told::Excepted, why),
            Ok((found, wanted)) if found == wanted => tell(id, Told::Passed, ""),
            Ok((found, wanted)) => {
                tell(id, Told::Failed, "another course of events");
                failures.push(format!("{id}\n  found  {found}\n  wanted {wanted}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
