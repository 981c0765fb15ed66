;;; emacs.el --- jsonrpc.el as a client  -*- lexical-binding: t -*-

;; editors_test.go documents the steps.

(require 'cl-lib)
(require 'jsonrpc)
(require 'map)

(cl-defstruct stream (events 0) last (text "") answer)

(defvar sent nil "The id of the latest request.")
(defvar streams nil "Each stream, by id.")
(defvar faults nil "What was found wrong outside of a step.")
(defvar process nil "The host.")

(defclass connection (jsonrpc-process-connection) ())

;; Emacs 28 has no other way to get the id of a request.
(cl-defmethod jsonrpc-connection-send :before ((_ connection) &key id method &allow-other-keys)
  (when (and id method) (setq sent id)))

(defun tell (format &rest args)
  "Write a line to stdout now; Emacs keeps back what is printed there."
  (write-region (concat (apply #'format format args) "\n") nil "/dev/stdout" nil 'silent))

(defun await (what condition)
  (let ((limit (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) limit) (error "No %s" what))
      (accept-process-output nil 0.1))))

(defun check (got want)
  (unless (equal got want) (error "%S is not %S" got want)))

(defun get-in (object &rest keys)
  "The member of OBJECT to which KEYS lead."
  (map-nested-elt object keys))

(defun notified (_ method params)
  (let ((stream (alist-get (get-in params :id) streams))
        (event (get-in params :event)))
    (if (or (not (eq method 'stream.event)) (null stream) (stream-answer stream)
            (not (eql (get-in params :seq) (stream-events stream))))
        (push (list method params) faults)
      (cl-incf (stream-events stream))
      (setf (stream-last stream) (get-in event :type))
      (when (equal (get-in event :type) "response.output_text.delta")
        (cl-callf concat (stream-text stream) (get-in event :delta))))))

(defvar host
  (make-instance
   'connection :name "codex-rpc" :notification-dispatcher #'notified
   :process (lambda ()
              (setq process
                    (make-process :name "codex-rpc" :command '("codex-rpc" "--mock")
                                  :connection-type 'pipe :coding 'utf-8-emacs-unix :noquery t
                                  :stderr (get-buffer-create "*codex-rpc stderr*"))))))

(defun create (&rest params)
  "Begin the stream of a response to PARAMS."
  (let ((stream (make-stream)))
    (jsonrpc-async-request
     host 'responses.create `(:stream t ,@params) :timeout nil
     :success-fn (lambda (result) (setf (stream-answer stream) `(:result ,result)))
     :error-fn (lambda (err) (setf (stream-answer stream) `(:error ,err))))
    (setf (alist-get sent streams) stream)))

(defun do-initialize ()
  (let ((result (jsonrpc-request host 'initialize `(:processId ,(emacs-pid) :capabilities #s(hash-table)))))
    (check (get-in result :serverInfo :name) "codex-rpc"))
  (jsonrpc-notify host 'initialized #s(hash-table)))

(defun do-call ()
  (check (get-in (jsonrpc-request host 'models.list nil) :object) "list"))

(defun do-stream ()
  (let ((stream (create :input "Say hello")))
    (await "answer" (lambda () (stream-answer stream)))
    (check (stream-last stream) "response.completed")
    (check (stream-text stream) "You said: \"Say hello\"")
    (check (get-in (stream-answer stream) :result :output_text) (stream-text stream))
    (format " %d events" (stream-events stream))))

(defun do-cancel ()
  (let* ((held (getenv "CODEX_RPC_HOLD"))
         (stream (create :input "x" :model (or held "mock:stall=1")))
         (id sent))
    (await "event" (lambda () (> (stream-events stream) 0)))
    (when held
      (tell "# held")
      (await "end" #'ignore))
    (jsonrpc-notify host '$/cancelRequest `(:id ,id))
    (await "answer" (lambda () (stream-answer stream)))
    (check (get-in (stream-answer stream) :error :code) -32800)))

(defun do-error ()
  (condition-case err
      (error "Passed: %S" (jsonrpc-request host 'responses.create '(:input "x" :temprature 1)))
    (jsonrpc-error
     (check (get-in (cddr err) 'jsonrpc-error-code) -32602)
     (check (get-in (cddr err) 'jsonrpc-error-data :errors 0 :path) "/temprature"))))

(defun do-close ()
  (jsonrpc-request host 'shutdown nil)
  (jsonrpc-notify host 'exit nil)
  (await "end of the host" (lambda () (not (process-live-p process))))
  (check (list (process-status process) (process-exit-status process)) '(exit 0))
  (check faults nil))

(tell "# Emacs %s, jsonrpc.el" emacs-version)
(dolist (step '(initialize call stream cancel error close))
  (condition-case err
      (let ((more (funcall (intern (format "do-%s" step)))))
        (tell "ok - %s%s" step (if (stringp more) more "")))
    (error
     (tell "not ok - %s: %S" step err)
     (kill-emacs 1))))
